/* A select becomes a field with search and categories (ARIA combobox); the select stays in the form and holds the value. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function element(tag, attributes, text) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

function dress(box) {
  const select = box.querySelector("select");
  const id = select.id;
  const words = box.dataset;
  const input = element("input", {
    id, class: "input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": `${id}_list`, placeholder: words.placeholder,
  });
  for (const name of ["aria-describedby", "aria-invalid", "required"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  const label = document.querySelector(`label[for="${id}"]`);
  const list = element("div", { id: `${id}_list`, class: "combobox-list", role: "listbox", "aria-label": label?.textContent.trim() ?? "" });
  const voice = element("p", { class: "sr-only", role: "status" });
  select.id = `${id}_select`;
  select.hidden = true;
  select.required = false;
  list.hidden = true;
  box.append(input, list, voice);

  const chosen = () => (select.value ? select.selectedOptions[0].textContent : "");
  const shown = () => [...list.querySelectorAll("[role=option]")];
  let active = -1;

  function mark(index) {
    const options = shown();
    options[active]?.classList.remove("is-active");
    active = options.length ? (index + options.length) % options.length : -1;
    options[active]?.classList.add("is-active");
    options[active]?.scrollIntoView({ block: "nearest" });
    if (active >= 0) input.setAttribute("aria-activedescendant", options[active].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function fill(search) {
    const wanted = plain(search.trim()).split(/\s+/);
    list.replaceChildren();
    let group = null;
    let count = 0;
    for (const option of select.options) {
      const category = option.parentElement.label ?? "";
      const hay = plain(`${option.textContent} ${option.dataset.detail ?? ""} ${category}`);
      if (!option.value || option.disabled || !wanted.every((word) => hay.includes(word))) continue;
      if (category && group?.getAttribute("aria-label") !== category) {
        group = element("div", { role: "group", "aria-label": category });
        group.append(element("div", { class: "combobox-group", "aria-hidden": "true" }, category));
        list.append(group);
      }
      const line = element("div", { class: "combobox-option", role: "option", id: `${id}_${option.index}`, "aria-selected": String(option.selected) }, option.textContent);
      line.dataset.index = option.index;
      if (option.dataset.detail) line.append(element("small", {}, option.dataset.detail));
      (category ? group : list).append(line);
      count += 1;
    }
    if (!count) list.append(element("div", { class: "combobox-none" }, words.none));
    voice.textContent = count ? words.many.replace("{n}", count) : words.none;
    active = -1;
  }

  function open(search = "") {
    fill(search);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    list.hidden = true;
    mark(-1);
    input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-expanded", "false");
    voice.textContent = "";
  }

  function choose(line) {
    select.selectedIndex = Number(line.dataset.index);
    select.dispatchEvent(new Event("change", { bubbles: true }));
    input.value = chosen();
    close();
  }

  input.value = chosen();
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => (list.hidden ? open() : close()));
  input.addEventListener("blur", () => {
    if (!input.value.trim() && select.value) {
      select.value = "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    input.value = chosen();
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      mark(event.key === "ArrowDown" ? active + 1 : Math.max(active, 0) - 1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const options = shown();
      const line = options[active] ?? (options.length === 1 ? options[0] : null);
      if (line) choose(line);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      input.value = chosen();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[role=option]");
    if (line) choose(line);
  });
}

export function start(root) {
  root.querySelectorAll("[data-combobox]:not([data-live])").forEach((box) => {
    box.dataset.live = "";
    dress(box);
  });
}
