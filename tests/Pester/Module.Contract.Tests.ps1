#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $cmdlets = (Get-Command -Module VteWats).Name
}

Describe 'The module' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $manifest = Import-PowerShellDataFile (Get-ModuleManifest)
    }

    It 'has a valid manifest' {
        (Test-ModuleManifest (Get-ModuleManifest)).Name | Should -Be 'VteWats'
    }

    It 'exports the cmdlets that its manifest lists, and nothing else' {
        Compare-Object $manifest.CmdletsToExport (Get-Command -Module VteWats).Name | Should -BeNullOrEmpty
        (Get-Module VteWats).ExportedFunctions.Count | Should -Be 0
        (Get-Module VteWats).ExportedVariables.Count | Should -Be 0
        (Get-Module VteWats).ExportedAliases.Count | Should -Be 0
    }

    It 'has a file of tests for every cmdlet and every script of its own, and none for others' {
        $scripts = (Get-ChildItem (Join-Path (Split-Path (Get-ModuleManifest)) 'samples') -Filter *.ps1).BaseName
        $files = (Get-ChildItem $PSScriptRoot -Filter '*-*.Tests.ps1').Name -replace '\.Tests\.ps1$'
        Compare-Object $files @($manifest.CmdletsToExport + $scripts) | Should -BeNullOrEmpty
    }

    It 'is of the version that its assembly has' {
        (Get-Command Get-VteTestRun).ImplementingType.Assembly.GetName().Version.ToString(3) | Should -Be $manifest.ModuleVersion
    }

    It 'has one table and one list for each type of object' {
        $views = foreach ($file in (Get-Module VteWats).ExportedFormatFiles) {
            Select-Xml -LiteralPath $file -XPath '//View[TableControl]//TypeName' | ForEach-Object { "$($_.Node.InnerText) table" }
            Select-Xml -LiteralPath $file -XPath '//View[ListControl]//TypeName' | ForEach-Object { "$($_.Node.InnerText) list" }
        }
        $views | Group-Object | Where-Object Count -GT 1 | ForEach-Object Name | Should -BeNullOrEmpty
        $types = (Get-Command -Module VteWats).OutputType.Name | Where-Object { $_ -like 'VteWats.*' } | Sort-Object -Unique
        foreach ($type in $types) { $views | Should -Contain "$type table"; $views | Should -Contain "$type list" }
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

    It 'says what each of its parameters is for' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
        $described = (Get-Help $_ -Parameter * -ErrorAction Ignore | Where-Object { $_.description }).name
        $command.Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin $described } | Should -BeNullOrEmpty
    }
}
