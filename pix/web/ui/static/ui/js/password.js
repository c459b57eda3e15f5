/* The password rule while typing: the same as the server's (pix/accounts/rules.py), letters of any script. */
export const rules = {
  length: (text) => [...text].length >= 8 && [...text].length <= 255,
  upper: (text) => /\p{Uppercase}/u.test(text),
  lower: (text) => /\p{Lowercase}/u.test(text),
  digit: (text) => /\p{Nd}/u.test(text),
};

export const isGood = (text) => Object.values(rules).every((rule) => rule(text));

export function start(root) {
  root.querySelectorAll("[data-password-rule]:not([data-live])").forEach((list) => {
    const field = document.getElementById(list.dataset.passwordRule);
    const voice = list.querySelector("[data-rule-voice]");
    let speak;
    list.dataset.live = "";
    const show = () => {
      const missing = [];
      list.querySelectorAll("[data-rule]").forEach((line) => {
        const met = rules[line.dataset.rule](field.value);
        line.classList.toggle("is-met", met);
        line.querySelector("[data-rule-state]").textContent = ` (${met ? list.dataset.met : list.dataset.missing})`;
        if (!met) missing.push(line.querySelector("span").textContent);
      });
      // Said once the person pauses, not at each letter.
      clearTimeout(speak);
      if (field.value) speak = setTimeout(() => (voice.textContent = missing.length ? `${list.dataset.missing} ${missing.join(", ")}` : list.dataset.all), 800);
    };
    field.addEventListener("input", show);
    show();
  });
}
