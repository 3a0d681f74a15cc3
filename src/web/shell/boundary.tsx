import { Component, type ReactNode } from "react";
import { Button, Notice } from "../elements/index.ts";
import { useCommon } from "../services/words/index.ts";

/** A page that cannot be drawn does not take the others with it. */
export class Boundary extends Component<{ readonly location: string; readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override componentDidUpdate(former: { readonly location: string }): void {
    if (this.state.failed && former.location !== this.props.location) this.setState({ failed: false });
  }
  override render(): ReactNode {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

function Crashed(): ReactNode {
  const say = useCommon();
  return (
    <Notice kind="stop" alert>
      <p>{say("page.crashed")}</p>
      <div className="row">
        <Button onClick={() => location.reload()}>{say("page.crashed.again")}</Button>
      </div>
    </Notice>
  );
}
