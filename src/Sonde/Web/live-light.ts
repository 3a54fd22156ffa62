import { onLive } from "../Charts/live";

/** `<live-light>`: says whether the numbers on this page move, or why they do not. */
class LiveLight extends HTMLElement {
  connectedCallback(): void {
    onLive("status", status => {
      this.hidden = false;
      this.dataset["status"] = status;
      const words = this.querySelector(".words");
      if (words) {
        words.textContent = status === "live" ? "live" : "reconnecting";
      }
    });
  }
}

customElements.define("live-light", LiveLight);
