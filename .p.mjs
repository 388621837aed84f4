import T from 'cli-table3';
for (const ch of ['a','漢']) for (const n of [50, 100]) {
const t = new T({colWidths:[10,30,20,20], style:{head:[],border:[],'padding-left':0,'padding-right':1}});
for (let i=0;i<n;i++){ t.push(['x','t','a','b']); t.push(['',{colSpan:3,content:Array(20).fill(ch.repeat(30)).join('\n')}]); }
const s=performance.now(); t.toString(); console.log(ch,n,performance.now()-s);
}
