#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-WatsReport' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $reports = @(Get-VteTestRun -Site Oslo -First 6 | ConvertTo-WatsReport -ErrorAction Ignore)
    }
    AfterAll { Exit-Plant $plant }
    BeforeEach { $folder = Join-Path $TestDrive ([guid]::NewGuid()) }

    It 'writes a file a report, named by its id, which holds legal JSON' {
        $files = @($reports | Export-WatsReport $folder)
        $files[0] | Should -BeOfType ([IO.FileInfo])
        $files.BaseName | Should -Be $reports.Id
        ($files | ForEach-Object { (Get-Content $_ -Raw | ConvertFrom-Json).sn }) | Should -Be $reports.Sn
    }

    It 'writes pages for people with -As Html, relative to where the session is' {
        $null = New-Item $folder -ItemType Directory
        Push-Location $folder
        try { ($reports[0] | Export-WatsReport . -As Html).FullName | Should -Be (Join-Path (Get-Location).ProviderPath "$($reports[0].Id).html") }
        finally { Pop-Location }
        Get-Content (Join-Path $folder "$($reports[0].Id).html") -Raw | Should -Match ([regex]::Escape($reports[0].Sn))
    }

    It 'writes nothing with -WhatIf' {
        $reports | Export-WatsReport $folder -WhatIf | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'tells what is not a report and goes on' {
        $files = @($reports[0], 'text', $reports[1] | Export-WatsReport $folder -ErrorAction SilentlyContinue -ErrorVariable refused)
        $files | Should -HaveCount 2
        $refused | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'VteWats.WatsReportInvalid,*'
    }
}
