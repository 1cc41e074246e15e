import { useState } from "react";
import { useSession } from "../../api/session";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";

const HIDDEN = "clew.transport-banner";

/** Says that the connection is readable on its way. Can be put aside until the next visit. */
export function TransportBanner() {
  const { insecureTransport } = useSession();
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(HIDDEN) !== null);
  if (!insecureTransport || hidden) return null;
  const hide = () => {
    sessionStorage.setItem(HIDDEN, "1");
    setHidden(true);
  };
  return (
    <section
      aria-label={t("This connection is not encrypted")}
      className="mx-auto max-w-[88rem] px-4 pt-4 sm:px-6"
    >
      <Banner
        tone="warn"
        title={t("This connection is not encrypted")}
        actions={
          <Button size="sm" variant="ghost" onClick={hide}>
            {t("Hide for now")}
          </Button>
        }
      >
        {t(
          "Passwords and reports can be read on the way. Serve Clew over HTTPS before other people use it.",
        )}
      </Banner>
    </section>
  );
}
