import type { ReactNode } from "react";
import { Link } from "wouter";
import { cx } from "../lib/class";

const LOOK =
  "rounded-s underline decoration-accent/45 decoration-1 underline-offset-3 hover:decoration-accent";

interface Props {
  href: string;
  children?: ReactNode;
  className?: string;
}

/** A link in a text, to a page of the app. */
export function TextLink({ href, children, className }: Props) {
  return (
    <Link href={href} className={cx(LOOK, className)}>
      {children}
    </Link>
  );
}

/** A link in a text, to another site, in a new tab. */
export function OuterLink({ href, children, className }: Props) {
  return (
    <a href={href} className={cx(LOOK, className)} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
