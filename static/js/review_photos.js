// A photo is made small on the phone before it waits: at most 2,400 pixels wide or high, as JPEG.
// What the camera wrote of time and place (EXIF) comes along, for it helps whoever answers. What the browser cannot
// open (HEIC on many phones) or what is small already goes as it is; the office judges every file anyway.
(() => {
  "use strict";

  const LONGEST = 2400; // pixels
  const SMALL = 1_500_000; // bytes
  const QUALITY = 0.85;
  const [START, EXIF, SCAN, UPRIGHT] = [0xffd8, 0xffe1, 0xffda, 0x0112];

  // The file as it will wait: { name, type, bytes }.
  async function small(file) {
    const bytes = await file.arrayBuffer();
    const asItIs = { name: file.name, type: file.type, bytes };
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return asItIs;
    }
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && bytes.byteLength <= SMALL) return asItIs;
    const drawn = await draw(picture, scale);
    if (!drawn) return asItIs;
    return { name: "photo.jpg", type: "image/jpeg", bytes: withExif(await drawn.arrayBuffer(), exifOf(bytes)) };
  }

  function draw(picture, scale) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }

  // The EXIF part of a JPEG, said to be upright (the drawn picture is); null for none.
  function exifOf(bytes) {
    try {
      const view = new DataView(bytes);
      if (view.getUint16(0) !== START) return null;
      for (let at = 2; view.getUint16(at) !== SCAN; at += 2 + view.getUint16(at + 2)) {
        if (view.getUint16(at) === EXIF && view.getUint32(at + 4) === 0x45786966) {
          return upright(bytes.slice(at, at + 2 + view.getUint16(at + 2)));
        }
      }
    } catch {
      // A damaged head has nothing to tell.
    }
    return null;
  }

  function upright(part) {
    const tiff = 10;
    const view = new DataView(part);
    const little = view.getUint16(tiff) === 0x4949;
    const table = tiff + view.getUint32(tiff + 4, little);
    for (let nth = 0; nth < view.getUint16(table, little); nth += 1) {
      const entry = table + 2 + 12 * nth;
      if (view.getUint16(entry, little) === UPRIGHT) view.setUint16(entry + 8, 1, little);
    }
    return part;
  }

  function withExif(jpeg, exif) {
    if (!exif) return jpeg;
    const whole = new Uint8Array(jpeg.byteLength + exif.byteLength);
    whole.set(new Uint8Array(jpeg, 0, 2));
    whole.set(new Uint8Array(exif), 2);
    whole.set(new Uint8Array(jpeg, 2), 2 + exif.byteLength);
    return whole.buffer;
  }

  globalThis.reviewPhotos = { small };
})();
