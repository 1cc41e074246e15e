/** Compile-time switches of the variants (scripts/variants.mjs). */
declare const FLAG_IDS: boolean;
declare const FLAG_LOADER: boolean;
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
