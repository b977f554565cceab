#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Loading' {
    BeforeAll { Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force }

    It 'happens by itself when a cmdlet is called' {
        (Invoke-PowerShell '-Command', '(Get-Command Get-VteTestRun).ModuleName; Get-VteWatsConfiguration -ConfigurationPath none.json 2>$null; (Get-Module VteWats).Version.ToString()').Output |
            Should -Match '^VteWats\s+\d+\.\d+\.\d+\s*$'
    }

    It 'works three times in a row with -Force' {
        $lines = (Invoke-PowerShell '-Command', "foreach (`$i in 1..3) { Import-Module VteWats -Force; (Get-Command -Module VteWats).Name -join ' ' }").Output.Trim() -split '\r?\n'
        $lines | Should -HaveCount 3
        $lines | Select-Object -Unique | Should -HaveCount 1
    }

    It 'works in several runspaces at once' {
        $end = Invoke-PowerShell '-Command', "1..4 | ForEach-Object -Parallel { Import-Module VteWats; (New-VteSampleDatabase (Join-Path '$TestDrive' `"`$_.db`") -Runs 5).Runs } | Measure-Object -Sum | ForEach-Object Sum"
        $end.ErrorOutput | Should -BeNullOrEmpty
        $end.Output.Trim() | Should -Be '20'
    }

    It 'keeps its dependencies out of the default load context' {
        $end = Invoke-PowerShell '-Command', @'
Import-Module VteWats
try { Get-VteTestRun -TimeZone UTC -ConnectionString 'Server=tcp:127.0.0.1,9;Database=none;Encrypt=False;Connect Timeout=3;User ID=nobody' } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
[Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | ForEach-Object { $_.GetName().Name } | Where-Object { $_ -in 'VteWats.Core', 'Microsoft.Data.SqlClient', 'Dapper', 'Polly.Core', 'Serilog' }
'@
        $end.Output.Trim() | Should -Be 'VteWats.SqlUnreachable'
    }
}
