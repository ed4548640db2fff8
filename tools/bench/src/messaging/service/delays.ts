import { Injectable } from '@nestjs/common';

/** How long messages took from their publishing to their handler's commit. */
@Injectable()
export class Delays {
  private delaysMs: number[] = [];

  note(handled: readonly { readonly time: string }[]): void {
    const nowMs = Date.now();
    for (const { time } of handled) this.delaysMs.push(nowMs - Date.parse(time));
  }

  /** Those since the last call. */
  take(): number[] {
    const taken = this.delaysMs;
    this.delaysMs = [];
    return taken;
  }
}
