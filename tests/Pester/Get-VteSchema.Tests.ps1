#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteSchema' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    AfterAll { Exit-Plant $plant }

    It 'gives tables with their columns, for filters' {
        $table = Get-VteSchema -Site Oslo | Where-Object Name -EQ 'IndexData'
        $table.Columns.Name | Should -Contain 'Index_GUID'
        $table | Get-DefaultView | Should -Match 'Schema\s+Name\s+Rows\s+Columns\s+Indexes'
    }

    It 'draws a diagram and writes a page, each as one text' {
        Get-VteSchema -Site Oslo -As Mermaid | Should -BeOfType ([string])
        Get-VteSchema -Site Oslo -As Mermaid | Should -Match '^erDiagram'
        Get-VteSchema -Site Oslo -As Markdown | Should -Match 'IndexData'
    }

    It 'takes no other form, and offers those it has on Tab' {
        { Get-VteSchema -Site Oslo -As Poem } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        Get-Completion 'Get-VteSchema -As ' | Should -Be 'Markdown', 'Mermaid', 'Object'
    }

    It 'needs no configuration and no time zone for a file' {
        (Get-VteSchema -DatabasePath (Join-Path $plant.Folder 'sample.db')).Name | Should -Contain 'TestDataNumeric'
    }
}
