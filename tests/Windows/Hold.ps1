# Holds a file open, as another program does, until the file -Until is there, or a quarter of an hour has passed.
# Says "holding" when it does.
param([string] $Path, [string] $Share, [string] $Until)
$ErrorActionPreference = 'Stop'
$held = [IO.File]::Open($Path, 'Open', 'Read', $Share)
'holding'
for ($i = 0; $i -lt 9000 -and -not [IO.File]::Exists($Until); $i++) { [Threading.Thread]::Sleep(100) }
$held.Dispose()
