/**
 * Runs the emulator as long as its parent runs, then removes the run folder, also after the parent was killed: the parent's end of the pipe
 * on standard input is then closed. PIPE is ignored because dash reports the killed emulator to a parent that may be gone. `$1` is the run
 * folder, the rest is the command.
 */
export const SUPERVISOR = `
folder=$1; shift
trap '' INT HUP TERM PIPE
exec 3<&0
"$@" </dev/null 3<&- &
machine=$!
{ read -r order <&3; kill -9 $machine; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $machine
code=$?
kill -9 $watch 2>/dev/null
rm -rf "$folder"
exit $code
`;
