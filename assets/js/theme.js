// Puts the chosen theme on the page before it is drawn; loaded in the head without defer so that nothing flashes.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is switched off: the system's scheme it is.
  }
})();
