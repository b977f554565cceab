# What the tests share: the packaged module, a sample site in a temp folder, and a sandbox WATS server in a process of its own.
$root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path

function Get-ModuleManifest { Join-Path $root 'artifacts/module/VteWats/VteWats.psd1' }

function Get-SandboxProgram {
    Get-ChildItem (Join-Path $root 'tests/WatsSandbox/bin') -Recurse -File -Filter '*WatsSandbox.dll' -ErrorAction Ignore |
        Sort-Object LastWriteTime | Select-Object -Last 1 -ExpandProperty FullName
}

# Starts the sandbox; its BaseUrl and Token are read from its first line. End it with Stop-Sandbox.
function Start-Sandbox {
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    foreach ($argument in 'exec', (Get-SandboxProgram), '--port', '0') { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    if ($process.StandardOutput.ReadLine() -notmatch 'at (?<url>\S+) token (?<token>\S+)') { throw 'The sandbox did not start.' }
    [pscustomobject]@{ Process = $process; BaseUrl = $Matches.url; Token = $Matches.token }
}

function Stop-Sandbox($Sandbox) {
    $Sandbox.Process.Kill()
    $Sandbox.Process.WaitForExit()
}

# A plant to test in: a site 'Oslo' with a sample database of 100 runs, and its WATS server with -Sandbox. VTEWATS_CONFIG names its configuration until Exit-Plant.
function Enter-Plant([string] $Folder, [switch] $Sandbox) {
    $null = New-VteSampleDatabase -Path (Join-Path $Folder 'sample.db') -Runs 100 -Seed 5
    $path = Join-Path $Folder 'vtewats.json'
    $server = if ($Sandbox) { Start-Sandbox }
    @{
        sites       = @{ Oslo = @{ connection = @{ path = 'sample.db'; settleSeconds = 0 }; timeZone = 'Europe/Oslo'; mapping = @{ defaultProcessCode = 100 } } }
        wats        = @{ baseUrl = $server ? $server.BaseUrl : 'http://127.0.0.1:9'; token = 'env:VTEWATS_PESTER_TOKEN'; requestsPerMinute = 0; proxy = 'none' }
        stateFolder = 'state'
    } | ConvertTo-Json -Depth 6 | Set-Content $path
    $env:VTEWATS_PESTER_TOKEN = $server ? $server.Token : 'none'
    $env:VTEWATS_CONFIG = $path
    [pscustomobject]@{ Configuration = $path; Sandbox = $server }
}

function Exit-Plant($Plant) {
    if ($Plant.Sandbox) { Stop-Sandbox $Plant.Sandbox }
    $env:VTEWATS_CONFIG = $env:VTEWATS_PESTER_TOKEN = $null
}

Export-ModuleMember -Function Get-ModuleManifest, Enter-Plant, Exit-Plant
