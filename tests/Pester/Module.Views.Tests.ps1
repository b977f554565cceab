#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $types = (Get-Module VteWats).ExportedFormatFiles | ForEach-Object { Select-Xml -LiteralPath $_ -XPath '//TypeName' } |
        ForEach-Object { $_.Node.InnerText } | Sort-Object -Unique
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    # Stations and servers may write anything: an escape sequence that names the window, a bell, a carriage return, a turn of direction.
    $hostile = "a$([char]27)]0;title$([char]7)$([char]0x9b)31m`rb`tc$([char]0x202e)"
    $obeyed = '[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069-[\r\n]]|\r(?!\n)'

    $known = @{}

    # An object of any type with that text wherever it can hold one, down to the names of a report's steps.
    function New-Hostile([type] $Type, [int] $Depth = 4) {
        if ($Type -in [string], [object]) { return $hostile }
        if ($Type.IsValueType -or $Depth -eq 0) { return }
        $interfaces = @($Type) + $Type.GetInterfaces() | Where-Object IsGenericType
        if ($map = $interfaces | Where-Object Name -EQ 'IReadOnlyDictionary`2' | Select-Object -First 1) {
            $key, $value = $map.GetGenericArguments()
            $made = [Activator]::CreateInstance([Collections.Generic.Dictionary`2].MakeGenericType($key, $value))
            if ($key -eq [string]) { $made[$hostile] = $value.IsValueType ? [Activator]::CreateInstance($value) : (New-Hostile $value ($Depth - 1)) }
            return $made
        }
        if ($list = $interfaces | Where-Object Name -EQ 'IEnumerable`1' | Select-Object -First 1) {
            $item = $list.GetGenericArguments()[0]
            $one = if (-not $item.IsValueType) { New-Hostile $item ($Depth - 1) }
            $made = [Array]::CreateInstance($item, $null -eq $one ? 0 : 1)
            if ($null -ne $one) { $made[0] = $one }
            return , $made
        }
        if ($Type.IsAbstract -or $Type.IsSubclassOf([Delegate])) { return }
        if ($one = $known["$Type $Depth"]) { return $one }
        $made = $known["$Type $Depth"] = [Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject($Type)
        for ($base = $Type; $base; $base = $base.BaseType) {
            foreach ($field in $base.GetFields('Instance, NonPublic, Public, DeclaredOnly') | Where-Object { -not $_.FieldType.IsValueType }) {
                $value = New-Hostile $field.FieldType ($Depth - 1)
                if ($field.FieldType.IsInstanceOfType($value)) { $field.SetValue($made, $value) }
            }
        }
        $made
    }
}

Describe 'The views of <_>' -ForEach $types {
    It 'show what a terminal would obey' {
        $object = New-Hostile (Get-Command Get-VteTestRun).OutputType[0].Type.Assembly.GetType($_)
        $table, $list = ($object | Format-Table | Out-String -Width 4000), ($object | Format-List | Out-String -Width 4000)
        $table | Should -Not -Match $obeyed
        $list | Should -Not -Match $obeyed
        "$table$list" | Should -Match 'a\\u001B\]0;title\\u0007\\u009B31m\\u000Db\\u0009c\\u202E'
    }
}

Describe 'An object' {
    It 'keeps the text that its view escapes' {
        $path = Join-Path $TestDrive 'hostile.json'
        @{ type = 'T'; sn = $hostile } | ConvertTo-Json | Set-Content $path
        $report = Import-WatsReport -Path $path
        $report.SerialNumber | Should -BeExactly $hostile
        $report | Get-DefaultView | Should -Not -Match $obeyed
    }
}

Describe 'The views' {
    It 'work in Constrained Language Mode' {
        $end = Invoke-PowerShell '-Command', @'
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            Import-Module VteWats
            '{"type":"T","sn":"A\u0007B","pn":"A*"}' | Test-WatsReport | Where-Object RuleId -In 'Wsjf.Text.Characters', 'Wsjf.Text.Wildcard' | Out-String -Width 250
'@
        $end.Output | Should -Match "Warning\s+report: pn holds '\*'"
        $end.Output | Should -Match 'Error\s+report: sn holds the character U\+0007'
    }
}
