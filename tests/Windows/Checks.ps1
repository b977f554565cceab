# For the scripts that check inside one process: a line "passed NAME" or "FAILED NAME: why" for each check. They end with the line "done".
# The engine of VteWatsAdapter has the language and its core cmdlets only: what else a script needs it takes from .NET.
function Check([string] $Name, [scriptblock] $Test) {
    try { $null = & $Test; "passed $Name" }
    catch { "FAILED ${Name}: $_" }
}

function Equal([string] $What, $Expected, $Actual) { if ("$Expected" -cne "$Actual") { throw "$What is '$Actual' and not '$Expected'" } }
