/* Blocking and tiny: reading comfort before the first paint, and the mark that JavaScript runs. */
(function () {
  var root = document.documentElement;
  root.setAttribute("data-js", "");
  try {
    var kept = JSON.parse(localStorage.getItem("confort") || "{}");
    ["text", "spacing", "font", "contrast", "motion"].forEach(function (name) {
      if (kept[name]) root.setAttribute("data-" + name, kept[name]);
    });
  } catch (error) {
    /* storage refused: the defaults stay */
  }
})();
