import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../lib/i18n";
import { Button } from "./Button";

const SAID_MS = 2_000;

/** Plain HTTP has no clipboard interface; there a hidden field and the old command do it. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

interface Props {
  text: string;
  label?: string;
  variant?: "primary" | "secondary" | "ghost";
}

/** Copies a text and says whether it worked. */
export function CopyButton({ text, label, variant = "secondary" }: Props) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SAID_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const said = { idle: label ?? t("Copy"), copied: t("Copied"), failed: t("Press Ctrl+C") }[state];
  return (
    <Button
      size="sm"
      variant={variant}
      icon={state === "copied" ? <Check size={15} /> : <Copy size={15} />}
      onClick={async () => setState((await copyText(text)) ? "copied" : "failed")}
    >
      <span aria-live="polite">{said}</span>
    </Button>
  );
}
