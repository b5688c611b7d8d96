/** An e-mail address: a line ends before its @, never in the middle of a word that fits. */
export function Address({ children: address }: { children: string }) {
  const at = Math.max(0, address.lastIndexOf("@"));
  return (
    <span className="wrap-break-word">
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </span>
  );
}
