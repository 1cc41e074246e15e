import { msg, t } from "../../../lib/i18n";
import { type Recipe, scriptAddress } from "../recipe";

export const nextjs: Recipe = {
  key: "nextjs",
  title: msg("Next.js"),
  steps: (target) => [
    {
      text: t("Put the script into the root layout. Page changes count by themselves."),
      code: {
        label: "app/layout.tsx",
        text: `import Script from "next/script";

export default function RootLayout({ children }) {
  return (
    <html>
      <body>
        {children}
        <Script src="${scriptAddress(target)}" />
      </body>
    </html>
  );
}`,
      },
    },
  ],
};
