/** The pair with its ports, and the plots. */
export const picturesStyle = `
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 16px; align-items: start; }
.pair, .plot { padding: 14px 16px 16px; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
.pair figcaption { margin-bottom: 12px; }
.pair figcaption code { color: var(--dim); }
.ends { display: flex; justify-content: space-between; gap: 12px; }
.ends p { max-width: 46%; padding: 5px 14px; border: 2px solid var(--ink); border-radius: 6px; text-align: center; line-height: 1.3; font-size: .9rem; }
.lanes { margin: 0 44px; padding: 10px 0 6px; border: solid var(--line); border-width: 0 2px; }
.lanes li + li { margin-top: 12px; }
.port { padding: 0 10px; text-align: center; font-size: .92rem; line-height: 1.35; }
.lane { position: relative; display: flex; justify-content: center; align-items: center; min-height: 25px; }
.lane svg:not(.icon) { position: absolute; left: 0; top: 50%; margin-top: -7px; overflow: visible; fill: none; stroke: var(--tone); stroke-width: 2; }
.lane svg .head { fill: var(--tone); stroke: none; }
.lane.back > svg { transform: scaleX(-1); }
.lane a { position: relative; padding: 0 7px; background: var(--paper); color: var(--tone); font-size: .87rem; font-weight: 600; text-decoration: none; text-align: center; max-width: 76%; }
.lane a:hover { text-decoration: underline; }

.sampled + .sampled { margin-top: 20px; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 16px; margin-top: 10px; }
.plot figcaption { margin-bottom: 10px; }
.plot > p { margin-top: 8px; font-size: .87rem; }
.frame { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 10px; padding: 14px 14px 0 0; }
.ticks-y { display: flex; flex-direction: column; justify-content: space-between; height: 160px; text-align: right; font-size: .78rem; line-height: 1; color: var(--dim); }
.ticks-y span { margin: -.5em 0; }
.ticks-x { grid-column: 2; display: flex; justify-content: space-between; font-size: .78rem; color: var(--dim); }
.area { display: block; overflow: visible; }
.area .lines { overflow: visible; }
.area .grid { stroke: var(--line); stroke-width: 1; }
.area polyline { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.area circle { fill: var(--accent); stroke: var(--paper); stroke-width: 1; }
.area text { font: 600 .8rem system-ui, sans-serif; fill: var(--ink); stroke: var(--paper); stroke-width: 4px; paint-order: stroke; stroke-linejoin: round; }

@media (max-width: 600px) {
  .lanes { margin: 0 24px; }
  .lane a { font-size: .82rem; }
}
`;
