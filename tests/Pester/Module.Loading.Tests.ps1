#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Loading' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        # A PowerShell of its own, so that nothing that was loaded here takes part.
        function Invoke-Fresh([string] $Script) { & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $Script }
    }

    It 'works three times in a row with -Force' {
        $lines = Invoke-Fresh "foreach (`$i in 1..3) { Import-Module '$(Get-ModuleManifest)' -Force; (Get-Command -Module VteWats).Name -join ' ' }"
        $lines | Should -HaveCount 3
        $lines | Select-Object -Unique | Should -HaveCount 1
    }

    It 'keeps its dependencies out of the default load context' {
        $lines = Invoke-Fresh @"
Import-Module '$(Get-ModuleManifest)'
try { Get-VteTestRun -TimeZone UTC -ConnectionString 'Server=tcp:127.0.0.1,9;Database=none;Encrypt=False;Connect Timeout=3;User ID=nobody' } catch { `$_.FullyQualifiedErrorId.Split(',')[0] }
[Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | ForEach-Object { `$_.GetName().Name } | Where-Object { `$_ -in 'VteWats.Core', 'Microsoft.Data.SqlClient', 'Dapper', 'Polly.Core', 'Serilog' }
"@
        $lines | Should -Be 'VteWats.SqlUnreachable'
    }
}
