import type { ReactNode } from "react";
import { Tooltip } from "../../ui/Tooltip";

interface IconAnchorProps {
  href: string;
  label: string;
  icon: ReactNode;
}

/** A download that shows only an icon. */
export function IconAnchor({ href, label, icon }: IconAnchorProps) {
  return (
    <Tooltip text={label} isName>
      <a
        href={href}
        download=""
        aria-label={label}
        className="inline-flex size-8 items-center justify-center rounded-m text-muted transition-colors duration-(--fast) hover:bg-hover hover:text-ink"
      >
        {icon}
      </a>
    </Tooltip>
  );
}
