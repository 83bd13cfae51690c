// Photographs as cameras make them: large, and no two alike.
// Stories are played one after the other on one system, each in a process of its own.
let pictures = process.pid * 100

/** Drawn in a page, because a page can make a JPEG. */
export async function picture(page, bytesAtLeast = 0, side = 1800) {
  const base64 = await page.evaluate(([seed, side]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side })
    const brush = canvas.getContext('2d')
    for (let at = 0; at < 4000; at++) {
      brush.fillStyle = `hsl(${(at * 47 + seed * 91) % 360} 60% ${30 + ((at * 13 + seed) % 40)}%)`
      brush.fillRect((at * 7919) % side, (at * 104729 + seed * 31) % side, 40, 40)
    }
    return canvas.toDataURL('image/jpeg', 0.92).split(',')[1]
  }, [++pictures, side])
  const bytes = Buffer.from(base64, 'base64')
  // What a camera appends behind the picture belongs to its file, and so to its hash.
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, bytesAtLeast - bytes.length), pictures)])
}
