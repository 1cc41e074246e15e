/** Compile-time switches of the variants (scripts/variants.mjs). */
/** Visitor and user ids, and the web storage they live in. */
declare const FLAG_IDS: boolean;
/** The opt-out marker, e-mail addresses in page addresses, the automation flag. */
declare const FLAG_GUARD: boolean;
/** Lazy modules. */
declare const FLAG_LOADER: boolean;
/** Every setting of a site's profile, cookie mode, and what the privacy modules need. */
declare const FLAG_FULL: boolean;
declare const VERSION: string;

interface Navigator {
  globalPrivacyControl?: boolean;
}
interface Document {
  prerendering?: boolean;
}
interface Window {
  navigation?: EventTarget;
}
