// Stands for a site's consent tool: it runs before the tracker and tells it what the visitor has
// answered. `?consent=ask` shows a banner, `granted` and `denied` are answers given elsewhere, and
// without the parameter nobody asks.

(() => {
  const ANSWER = "demo_consent";
  const mode = new URLSearchParams(location.search).get("consent");
  const answer = mode === "ask" ? sessionStorage.getItem(ANSWER) : mode;

  if (answer === "granted" || answer === "denied") {
    clew("consent", answer);
    return;
  }
  if (mode !== "ask") return;
  clew("consent", "pending");
  addEventListener("DOMContentLoaded", ask);

  function ask() {
    const banner = document.createElement("section");
    banner.className = "consent";
    banner.setAttribute("aria-label", "Privacy");
    banner.innerHTML = `<div class="wrap">
      <p>We count visits without cookies. May we recognise you when you come back?</p>
      <div><button type="button" data-answer="granted">Yes, gladly</button>
      <button type="button" class="second" data-answer="denied">No, thank you</button></div>
    </div>`;
    banner.addEventListener("click", (event) => {
      const given = event.target.dataset.answer;
      if (!given) return;
      sessionStorage.setItem(ANSWER, given);
      clew("consent", given);
      banner.remove();
      document.querySelector("main").focus({ preventScroll: true });
    });
    document.body.append(banner);
  }
})();
