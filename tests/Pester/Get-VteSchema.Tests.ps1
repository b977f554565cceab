#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-VteSchema' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive
    }

    AfterAll { Exit-Plant $plant }

    It 'gives tables with their columns' {
        $table = Get-VteSchema -Site Oslo | Where-Object Name -eq 'IndexData'
        $table.Columns.Name | Should -Contain 'Index_GUID'
    }

    It 'draws a diagram' {
        Get-VteSchema -Site Oslo -As Mermaid | Out-String | Should -Match 'erDiagram'
    }

    It 'writes a page' {
        Get-VteSchema -Site Oslo -As Markdown | Out-String | Should -Match 'IndexData'
    }

    It 'takes no other form' {
        { Get-VteSchema -Site Oslo -As Poem } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}
