/**
 * `<theme-switch>`: a button between light and dark. A cookie keeps the choice, so that the server draws the page right
 * at once.
 */
class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    this.hidden = false;
    this.querySelector("button")?.addEventListener("click", () => this.#turn());
  }

  #turn(): void {
    const root = document.documentElement;
    const isDark =
      (root.dataset["theme"] ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const theme = isDark ? "light" : "dark";
    root.dataset["theme"] = theme;
    const path = new URL(document.baseURI).pathname;
    document.cookie = `sonde-theme=${theme}; path=${path}; max-age=31536000; samesite=strict`;
    document.dispatchEvent(new CustomEvent("theme-change"));
  }
}

customElements.define("theme-switch", ThemeSwitch);
