// The contact form. What the shop itself reports is that it was begun and sent, and the chosen
// subject; what was typed is the business of snippets that make leads.

export function wireContact(main) {
  const form = main.querySelector("[data-contact]");
  if (!form) return;
  form.addEventListener("input", () => clew("track", "contact_started", {}), {
    once: true,
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clew("track", "contact_sent", { topic: form.elements.topic.value });
    const sent = main.querySelector("[data-sent]");
    sent.textContent = "Thank you. We have lit a lantern and will answer within a day.";
    sent.tabIndex = -1;
    form.remove();
    sent.focus();
  });
}
