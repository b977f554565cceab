#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    Import-Module (Get-ModuleManifest) -Force
    $cmdlets = (Get-Command -Module VteWats).Name
}

Describe 'The module' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $manifest = Import-PowerShellDataFile (Get-ModuleManifest)
    }

    It 'has a valid manifest' {
        (Test-ModuleManifest (Get-ModuleManifest)).Name | Should -Be 'VteWats'
    }

    It 'exports the cmdlets that its manifest lists, and nothing else' {
        Compare-Object $manifest.CmdletsToExport (Get-Command -Module VteWats).Name | Should -BeNullOrEmpty
        (Get-Module VteWats).ExportedFunctions.Count | Should -Be 0
    }

    It 'has a file of tests for every cmdlet' {
        $files = (Get-ChildItem $PSScriptRoot -Filter '*-*.Tests.ps1').Name -replace '\.Tests\.ps1$'
        Compare-Object $files $manifest.CmdletsToExport | Should -BeNullOrEmpty
    }

    It 'is of the version that its assembly has' {
        (Get-Module VteWats).ImplementingAssembly, (Get-Command Get-VteTestRun).ImplementingType.Assembly |
            Where-Object { $_ } | Select-Object -First 1 | ForEach-Object { $_.GetName().Version.ToString(3) } | Should -Be $manifest.ModuleVersion
    }
}

Describe '<_>' -ForEach $cmdlets {
    BeforeAll { $command = Get-Command $_ }

    It 'has an approved verb' {
        (Get-Verb).Verb | Should -Contain $command.Verb
    }

    It 'has help with a synopsis and two examples' {
        $help = Get-Help $_
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match '\[-'
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
    }
}
