#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-VteWatsDiagnostic' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        function Read-Package($Path) {
            $folder = Join-Path $TestDrive "$(New-Guid)"
            Expand-Archive -LiteralPath $Path -DestinationPath $folder
            $folder
        }
    }
    BeforeEach { Reset-Plant $plant }
    AfterAll { Exit-Plant $plant }

    It 'has what support needs, and no secret and no serial number' {
        $null = Sync-Plant
        $serials = (Get-VteDeadLetter).SerialNumber | Where-Object { $_ -and $_.Trim().Length -ge 3 }
        $file = Export-VteWatsDiagnostic (Join-Path $TestDrive 'a.zip')
        $folder = Read-Package $file.FullName
        $names = (Get-ChildItem $folder -Recurse -File).Name
        foreach ($name in 'configuration.json', 'status.json', 'health.json', 'incidents.json', 'state.json', 'schema.md', 'log.txt', 'versions.txt', 'letters.json') { $names | Should -Contain $name }
        $text = (Get-ChildItem $folder -Recurse -File | Get-Content -Raw) -join "`n"
        $text | Should -Not -Match ([regex]::Escape($env:VTEWATS_PESTER_TOKEN))
        foreach ($serial in $serials) { $text | Should -Not -Match ([regex]::Escape($serial.Trim())) }
        Get-Content (Join-Path $folder 'configuration.json') -Raw | Should -Match 'env:VTEWATS_PESTER_TOKEN'
    }

    It 'says why something is not in it' {
        $other = New-ChangedConfiguration $plant { $_.sites.Oslo.connection.path = 'no-such.db' }
        $folder = Read-Package (Export-VteWatsDiagnostic (Join-Path $TestDrive 'b.zip') -ConfigurationPath $other).FullName
        Get-Content (Join-Path $folder 'oslo' 'schema.md.error.txt') -Raw | Should -Match 'no-such.db'
    }

    It 'replaces nothing without -Force, and writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'c.zip'
        Export-VteWatsDiagnostic $path -WhatIf
        $path | Should -Not -Exist
        $null = Export-VteWatsDiagnostic $path
        { Export-VteWatsDiagnostic $path } | Should -Throw -ErrorId 'VteWats.FileExists*'
        (Export-VteWatsDiagnostic $path -Force).Length | Should -BeGreaterThan 0
    }
}
