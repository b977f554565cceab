# What the tests share: the packaged module, a plant in a temp folder, a sandbox WATS server in a process of its own, and
# PowerShell processes of their own. Importing it imports the packaged module.
$root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path

function Get-ModuleManifest { Join-Path $root 'artifacts/module/VteWats/VteWats.psd1' }

Import-Module (Get-ModuleManifest) -Global

# A plant to test in: a site 'Oslo' with a sample database of 100 runs that ended before 2025-03-01, and its WATS server with -Sandbox.
# VTEWATS_CONFIG names its configuration until Exit-Plant.
function Enter-Plant([string] $Folder, [switch] $Sandbox) {
    $plant = [pscustomobject]@{
        Folder        = $Folder
        Configuration = Join-Path $Folder 'vtewats.json'
        State         = Join-Path $Folder 'state'
        Runs          = 100
        Sandbox       = if ($Sandbox) { Start-Sandbox }
    }
    $null = New-VteSampleDatabase -Path (Join-Path $Folder 'sample.db') -Runs $plant.Runs -Seed 5 -Until 2025-03-01
    @{
        sites       = @{ Oslo = @{ connection = @{ path = 'sample.db'; settleSeconds = 0 }; timeZone = 'Europe/Oslo'; timestampIs = 'start'; mapping = @{ defaultProcessCode = 100 } } }
        wats        = @{ baseUrl = $Sandbox ? $plant.Sandbox.BaseUrl : 'http://127.0.0.1:9'; token = 'env:VTEWATS_PESTER_TOKEN'; requestsPerMinute = 0; proxy = 'none' }
        stateFolder = 'state'
    } | ConvertTo-Json -Depth 6 | Set-Content $plant.Configuration
    $env:VTEWATS_PESTER_TOKEN = $Sandbox ? $plant.Sandbox.Token : 'none'
    $env:VTEWATS_CONFIG = $plant.Configuration
    $plant
}

function Exit-Plant($Plant) {
    $env:VTEWATS_CONFIG = $env:VTEWATS_PESTER_TOKEN = $null
    if ($Plant.Sandbox) { Stop-Sandbox $Plant.Sandbox }
}

# As it was when it was entered: no state, nothing in WATS, no faults.
function Reset-Plant($Plant) {
    Remove-Item $Plant.State -Recurse -Force -ErrorAction Ignore
    if ($Plant.Sandbox) { foreach ($what in 'reports', 'faults', 'requests') { $null = Invoke-Sandbox $Plant Delete $what } }
}

# Moves the watermark over everything that is in the database, with what cannot be mapped in the dead letters.
function Sync-Plant { Invoke-VteWatsSync -Site Oslo -InitialSince 2000-01-01 -ErrorAction Ignore }

# Another configuration beside the plant's: its content as a hashtable is $_ in the change. Returns the path.
function New-ChangedConfiguration($Plant, [scriptblock] $Change) {
    $content = Get-Content $Plant.Configuration -Raw | ConvertFrom-Json -AsHashtable
    $null = $content | ForEach-Object $Change
    $path = Join-Path $Plant.Folder "$([guid]::NewGuid()).json"
    $content | ConvertTo-Json -Depth 8 | Set-Content $path
    $path
}

# The sandbox as a program of its own, by the sources that the tests in C# use. End it with Stop-Sandbox.
function Start-Sandbox {
    if (-not ('VteWats.Shared.SandboxProcess' -as [type])) {
        Add-Type -Path (Join-Path $root 'tests/Shared/ChildProcess.cs'), (Join-Path $root 'tests/Shared/SandboxProcess.cs')
    }
    $program = Get-ChildItem (Join-Path $root 'tests/WatsSandbox/bin') -Recurse -File -Filter 'VteWats.WatsSandbox.dll' | Sort-Object LastWriteTime | Select-Object -Last 1
    [VteWats.Shared.SandboxProcess]::StartAsync($program.FullName).GetAwaiter().GetResult()
}

function Stop-Sandbox($Sandbox) { $null = $Sandbox.DisposeAsync().AsTask().GetAwaiter().GetResult() }

# The sandbox's control routes: reports, requests, counts, faults.
function Invoke-Sandbox($Plant, [string] $Method, [string] $What, [hashtable] $Body) {
    $request = @{ Method = $Method; Uri = "$($Plant.Sandbox.BaseUrl)/sandbox/$What"; NoProxy = $true }
    if ($Body) { $request.Body = ConvertTo-Json $Body; $request.ContentType = 'application/json' }
    Invoke-RestMethod @request | ForEach-Object { $_ }
}

function Get-SandboxReport($Plant) { Invoke-Sandbox $Plant Get reports }

function Get-SandboxCount($Plant) { Invoke-Sandbox $Plant Get counts }

function Add-SandboxFault($Plant, [hashtable] $Fault) { $null = Invoke-Sandbox $Plant Post faults $Fault }

function Reset-PlantFaults($Plant) { $null = Invoke-Sandbox $Plant Delete faults }

# A PowerShell of its own, of the same form as this one: the program pwsh, or dotnet with pwsh.dll, as the dotnet tool runs it. It has the packaged
# module on its PSModulePath, and nothing loaded here takes part.
function Start-PowerShell([string[]] $Argument, [hashtable] $Environment = @{}) {
    $program = [Environment]::ProcessPath
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    if ((Split-Path $program -LeafBase) -eq 'dotnet') { $start.ArgumentList.Add((Join-Path $PSHOME 'pwsh.dll')) }
    foreach ($one in @('-NoProfile', '-NonInteractive') + $Argument) { $start.ArgumentList.Add($one) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['PSModulePath'] = (Join-Path $root 'artifacts/module') + [IO.Path]::PathSeparator + $env:PSModulePath
    $start.Environment['NO_COLOR'] = '1'
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    [pscustomobject]@{ Process = $process; Output = $process.StandardOutput.ReadToEndAsync(); ErrorOutput = $process.StandardError.ReadToEndAsync() }
}

# Waits for it to end by itself; after the patience it is killed, and its exit code is null.
function Wait-PowerShell($Started, [int] $PatienceSeconds = 60) {
    $ended = $Started.Process.WaitForExit($PatienceSeconds * 1000)
    if (-not $ended) { $Started.Process.Kill(); $Started.Process.WaitForExit() }
    [pscustomobject]@{ ExitCode = if ($ended) { $Started.Process.ExitCode }; Output = $Started.Output.Result; ErrorOutput = $Started.ErrorOutput.Result }
}

function Invoke-PowerShell([string[]] $Argument, [hashtable] $Environment = @{}) { Wait-PowerShell (Start-PowerShell $Argument $Environment) }

# What a user is offered on Tab at the end of the line.
function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }

# What a wide console shows of it by default.
function Get-DefaultView { $input | Out-String -Width 250 }

Export-ModuleMember -Function Get-ModuleManifest, Enter-Plant, Exit-Plant, Reset-Plant, Sync-Plant, New-ChangedConfiguration, Get-SandboxReport, Get-SandboxCount,
    Add-SandboxFault, Reset-PlantFaults, Start-PowerShell, Wait-PowerShell, Invoke-PowerShell, Get-Completion, Get-DefaultView
