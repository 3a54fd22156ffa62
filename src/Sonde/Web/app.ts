// The entry: defines the elements that a page may hold. Charts are fetched only where one is.
import "./live-light";
import "./theme-switch";
import "../Charts/local-time";
import "../Charts/target-list";
import "../Charts/target-figures";

if (document.querySelector("latency-chart")) {
  void import("../Charts/latency-chart");
}
document.querySelector("[data-skip]")?.addEventListener("click", event => {
  event.preventDefault();
  document.getElementById("content")?.focus();
});
