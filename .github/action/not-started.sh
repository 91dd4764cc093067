#!/bin/sh
# The step that deploys made no file to say that it began: says why, and fails where it did not.
set -eu

fault='its shell did not read its script, a known fault of some runners (https://github.com/actions/partner-runner-images/issues/169); run the job again'

die() {
    printf '::error title=deployment-status::%s\n' "$1"
    exit 1
}

if [ -z "$DEPLOYMENT_STATUS_STARTED" ]; then
    die "nothing was run: the step that installs the program exited with 0 and did nothing: $fault"
fi
case $DEPLOYMENT_STATUS_OUTCOME in
    success) die "nothing was run: the step that deploys exited with 0 and did nothing: $fault" ;;
    failure) die "nothing was run: the step that deploys could not be started. If the log says \`Argument list too long\`, the input \`run\`, or all the others together, is longer than one variable may be (128 KiB on Linux, 32 KiB on Windows): put the script into a file and run that" ;;
esac
# Cancelled before it began: there is nothing to close.
