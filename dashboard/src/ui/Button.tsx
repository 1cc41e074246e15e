import type { ButtonHTMLAttributes, ComponentProps, ReactNode } from "react";
import { Link } from "wouter";
import { cx } from "../lib/class";
import { Spinner } from "./Spinner";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md";

interface Look {
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: ReactNode;
}

const VARIANT: Record<ButtonVariant, string> = {
  primary: "bg-fill text-on-fill shadow-s hover:bg-fill-hover",
  secondary: "border border-control/60 bg-card text-ink shadow-s hover:bg-hover",
  ghost: "text-ink hover:bg-hover",
  danger: "border border-bad/50 bg-card text-bad shadow-s hover:bg-bad-soft",
};

const SIZE: Record<ButtonSize, string> = {
  sm: "h-8 px-2.5 text-sm",
  md: "h-10 px-4 text-base",
};

function look({ variant = "secondary", size = "md" }: Look, className?: string): string {
  return cx(
    "relative inline-flex shrink-0 items-center justify-center gap-2 rounded-m font-medium whitespace-nowrap",
    "transition-colors duration-(--fast) disabled:opacity-55 aria-disabled:opacity-55",
    VARIANT[variant],
    SIZE[size],
    className,
  );
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & Look & { loading?: boolean };

/** Does something here. What leads elsewhere is a `ButtonLink`. While `loading` it keeps its place
 *  and its focus, and does nothing. */
export function Button({
  variant,
  size,
  icon,
  loading = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={look({ variant, size }, className)}
      aria-busy={loading || undefined}
      aria-disabled={loading || undefined}
      onClick={loading ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {loading ? <Spinner /> : icon}
      {children}
    </button>
  );
}

type ButtonLinkProps = Omit<ComponentProps<"a">, "href"> & Look & { href: string };

/** A link to a page of the app that looks like a button. */
export function ButtonLink({ variant, size, icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link className={look({ variant, size }, className)} {...rest}>
      {icon}
      {children}
    </Link>
  );
}

/** The same for an address outside of the app, in a new tab. */
export function ButtonAnchor({ variant, size, icon, className, ...rest }: ButtonLinkProps) {
  const { children, ...attributes } = rest;
  return (
    <a
      className={look({ variant, size }, className)}
      target="_blank"
      rel="noopener noreferrer"
      {...attributes}
    >
      {icon}
      {children}
    </a>
  );
}
