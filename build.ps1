#requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, packages or shows VteWats. Needs the .NET SDK that global.json names.
.EXAMPLE
    ./build.ps1 Build
.EXAMPLE
    ./build.ps1 Test -Only Pester
.EXAMPLE
    ./build.ps1 Package -Runtime win-x64
.EXAMPLE
    ./build.ps1 Demo
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Demo')]
    [string] $Task = 'Build',

    # Only this part of the tests: those that start no program and take no minutes, or those in PowerShell.
    [ValidateSet('Fast', 'Pester')]
    [string] $Only,

    # Platforms that VteWatsAdapter is published for.
    [ValidateSet('win-x64', 'linux-x64')]
    [string[]] $Runtime = @('win-x64', 'linux-x64'),

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # Packages the release that is built already.
    [switch] $NoBuild
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE." }
}

function Invoke-Build {
    Invoke-DotNet build (Join-Path $root 'VteWats.sln') -c $Configuration -v quiet
}

function Invoke-Test {
    $filter = switch ($Only) { 'Fast' { '--filter', 'Category=Fast' } 'Pester' { '--filter', 'FullyQualifiedName~.Pester.' } }
    Invoke-DotNet test (Join-Path $root 'VteWats.sln') -c $Configuration @filter
}

# The module as a zip, and the program for each platform, with their checksums: what offline-install.md installs from.
function Invoke-Package {
    $script:Configuration = 'Release'
    if (-not $NoBuild) { Invoke-Build }
    $version = (Import-PowerShellDataFile (Join-Path $root 'VteWats.psd1')).ModuleVersion
    $packages = Join-Path $artifacts 'packages'
    Remove-Item $packages -Recurse -Force -ErrorAction Ignore
    $null = New-Item $packages -ItemType Directory
    [IO.Compression.ZipFile]::CreateFromDirectory((Join-Path $artifacts 'module/VteWats'), (Join-Path $packages "VteWats-$version.zip"), 'SmallestSize', $true)
    foreach ($platform in $Runtime) {
        $folder = Join-Path $artifacts "publish/$platform"
        Remove-Item $folder -Recurse -Force -ErrorAction Ignore
        Invoke-DotNet publish (Join-Path $root 'src/VteWats.Host') -c Release -r $platform --self-contained '-p:BuildProjectReferences=false' -o $folder -v quiet
        if ($platform -like 'win-*') { [IO.Compression.ZipFile]::CreateFromDirectory($folder, (Join-Path $packages "VteWatsAdapter-$version-$platform.zip"), 'SmallestSize', $false) }
        else { & tar -czf (Join-Path $packages "VteWatsAdapter-$version-$platform.tar.gz") -C $folder . }
    }
    $sums = foreach ($file in Get-ChildItem $packages -File) { '{0}  {1}' -f (Get-FileHash $file -Algorithm SHA256).Hash.ToLowerInvariant(), $file.Name }
    $sums | Set-Content (Join-Path $packages 'SHA256SUMS')
    Get-ChildItem $packages
}

switch ($Task) {
    'Build' { Invoke-Build }
    'Test' { Invoke-Test }
    'Package' { Invoke-Package }
    'Demo' { Invoke-DotNet run --project (Join-Path $root 'samples/QuickStart') -c $Configuration }
}
