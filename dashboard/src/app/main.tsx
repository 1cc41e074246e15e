import en from "virtual:texts/en";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { watchActivity } from "../lib/activity";
import { startI18n } from "../lib/i18n";
import "../styles/app.css";
import { App } from "./App";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
watchActivity();
await startI18n({ en, de: async () => (await import("virtual:texts/de")).default });
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
