import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton, SkeletonLines } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";
import { Block, Group, Sample } from "./Sample";

export function NoticeSamples() {
  return (
    <Group title="Notices">
      <Block name="Banner">
        <div className="flex flex-col gap-3">
          <Banner title="Info">Something to know.</Banner>
          <Banner tone="good" title="Good">
            Something went well.
          </Banner>
          <Banner tone="warn" title="Warn" actions={<Button size="sm">Do it</Button>}>
            Something needs care.
          </Banner>
          <Banner tone="bad" title="Bad">
            Something failed.
          </Banner>
        </div>
      </Block>
      <Block name="Skeleton">
        <SkeletonLines lines={4} />
        <Skeleton className="mt-4 h-16" />
      </Block>
      <Block name="EmptyState">
        <EmptyState title="Nothing yet" actions={<Button variant="primary">Begin</Button>}>
          Why it is empty, and what to do next.
        </EmptyState>
      </Block>
      <Block name="ErrorState">
        <ErrorState title="The server does not answer" onRetry={() => toast("Asked again")}>
          What it means, and what to do next.
        </ErrorState>
      </Block>
      <Sample name="Toast">
        <Button onClick={() => toast("Saved.")}>Good</Button>
        <Button onClick={() => toast("That did not work.", { tone: "bad" })}>Bad</Button>
        <Button
          onClick={() =>
            toast("Site removed.", {
              action: { label: "Undo", run: () => toast("It is back.") },
            })
          }
        >
          With undo
        </Button>
      </Sample>
    </Group>
  );
}
