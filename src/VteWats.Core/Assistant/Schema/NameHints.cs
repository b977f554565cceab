namespace VteWats.Core.Assistant.Schema;

/// <summary>How well a physical name fits a logical one: by the words that plants use for the same thing, in a few languages. Only a hint:
/// type, keys and content have their own say.</summary>
internal static class NameHints
{
    // Words that say nothing of what a thing is.
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "tbl", "tab", "table", "t", "vte", "col", "fld", "v", "vw", "view", "dbo", "the", "of",
    };

    private static readonly Dictionary<string, string[]> Tables = new(StringComparer.Ordinal)
    {
        ["IndexData"] = ["index data", "test run", "runs", "test runs", "executions", "test header", "headers", "results", "tests",
            "laeufe",
            "pruefungen", "pruefung", "testlauf", "sessions", "test results", "kjoringer", "tester", "run header"],
        ["UutData"] = ["uut data", "units", "uut", "dut", "duts", "devices", "boards", "pruefling", "prueflinge", "serials", "enheter"],
        ["Products"] = ["products", "articles", "artikel", "produkte", "produkter", "erzeugnisse", "parts", "items", "models"],
        ["Testplans"] = ["test plans", "plans", "programs", "sequences", "pruefplaene", "pruefplan", "testprogramme", "planer"],
        ["TestplanRevisions"] = ["test plan revisions", "plan revisions", "revisions", "plan versions", "planrevisionen",
            "program revisions", "revisjoner"],
        ["TestSystems"] = ["test systems", "stations", "testers", "benches", "pruefplaetze", "pruefplatz", "stasjoner", "rigs"],
        ["TestsystemComponents"] = ["test system components", "components", "instruments", "equipment", "geraete", "station components"],
        ["Users"] = ["users", "operators", "bediener", "benutzer", "logins", "accounts", "brukere", "operatoerer"],
        ["UserRegistrations"] = ["user registrations"],
        ["ProductRegistrations"] = ["product registrations"],
        ["AssemblyData"] = ["assembly data", "assemblies", "sub units", "sub assemblies", "baugruppen", "assembly"],
        ["TestDataNumeric"] = ["test data numeric", "numeric", "numbers", "measurements", "messwerte", "num", "values", "steps", "meas",
            "numeric results", "maalinger", "schritte"],
        ["TestDataText"] = ["test data text", "text", "texts", "strings", "txt", "text results", "texte", "tekst"],
        ["TestDataOther"] = ["test data other", "other", "blobs", "binary", "attachments", "misc", "other results", "andere", "sonstige",
            "annet"],
    };

    private static readonly Dictionary<string, string[]> Columns = new(StringComparer.Ordinal)
    {
        ["Index_GUID"] = ["index guid", "run id", "run guid", "test id", "test run id", "execution id", "result id", "header id", "lauf id",
            "pruefung id", "session id", "run", "kjoring id"],
        ["Uut_GUID"] = ["uut guid", "uut id", "unit id", "dut id", "device id", "pruefling id", "enhet id", "board id", "unit", "dut"],
        ["Product_GUID"] = ["product guid", "product id", "article id", "artikel id", "produkt id", "part id", "erzeugnis id", "item id",
            "product"],
        ["Testplan_GUID"] = ["test plan guid", "plan id", "test plan id", "program id", "sequence id", "pruefplan id", "plan"],
        ["TestplanRevision_GUID"] = ["test plan revision guid", "plan revision id", "revision id", "rev id", "planrevision id",
            "plan version id", "program revision id"],
        ["Testsystem_GUID"] = ["test system guid", "system id", "station id", "tester id", "platz id", "pruefplatz id", "bench id",
            "rig id", "stasjon id", "station"],
        ["User_GUID"] = ["user guid", "user id", "operator id", "bediener id", "benutzer id", "bruker id", "operator"],
        ["Timestamp"] = ["timestamp", "time", "start time", "end time", "date time", "when", "zeit", "zeitpunkt", "zeitstempel", "datum",
            "tidspunkt", "tid", "started", "finished", "started at", "finished at", "ended at", "test date", "stamp", "date", "run at",
            "time stamp", "logged at", "recorded at", "startzeit", "endzeit", "ended", "completed at"],
        ["ExitCode"] = ["exit code", "exit", "error code", "return code", "fehlercode", "exitcode", "rc", "abort code"],
        ["Result"] = ["result", "verdict", "outcome", "status", "pass fail", "passed", "ergebnis", "resultat", "state", "bewertung",
            "result code", "run result", "run status", "urteil"],
        ["TestTime"] = ["test time", "duration", "elapsed", "seconds", "dauer", "cycle time", "laufzeit", "varighet", "run time",
            "execution time", "secs", "duration s", "dauer s", "elapsed s", "test duration", "pruefzeit"],
        ["Hostname"] = ["hostname", "host", "computer", "pc", "machine", "rechner", "node", "pc name", "computer name", "host name"],
        ["Site"] = ["site", "plant", "location", "werk", "standort", "factory", "sted", "anlegg", "fabrik"],
        ["UserName"] = ["user name", "operator name", "operator", "bediener", "benutzer", "user", "bruker", "operatoer"],
        ["ProductName"] = ["product name", "product", "article", "artikel", "part number", "part no", "pn", "model", "item", "teilenummer",
            "sachnummer", "produkt", "artikelnummer", "article name", "erzeugnis", "produktnavn", "part"],
        ["TestplanName"] = ["test plan name", "plan name", "test plan", "program", "sequence", "pruefplan", "plan", "program name",
            "sequence name", "testprogramm", "plannavn"],
        ["TestplanVariant"] = ["test plan variant", "variant", "variante", "plan variant", "variation"],
        ["TestplanRevision"] = ["test plan revision", "plan revision", "plan rev", "revision", "rev", "program version", "plan version",
            "program revision", "version", "planstand"],
        ["TestStepNumber"] = ["test step number", "step number", "step no", "step", "step index", "position", "schritt", "schrittnr", "pos",
            "step nr", "idx", "ord", "steg", "seq no", "sequence no", "line no", "schrittnummer", "lfd nr", "order no", "stegnr", "seq"],
        ["TestName"] = ["test name", "step name", "name", "measurement", "pruefschritt", "bezeichnung", "merkmal", "parameter", "title",
            "what", "label", "steg navn", "characteristic", "item", "schrittname"],
        ["TestDescription"] = ["test description", "description", "beschreibung", "desc", "details", "remark", "comment", "beskrivelse",
            "note", "explanation"],
        ["TestNumber"] = ["test number", "test no", "number", "test nr", "pruefnummer", "num", "nummer", "testnr", "spec no", "test ref",
            "reference"],
        ["TestUnits"] = ["test units", "units", "unit", "einheit", "uom", "enhet", "dimension"],
        ["TestResult"] = ["test result", "value", "measured", "reading", "messwert", "wert", "actual", "ist", "istwert", "data", "content",
            "verdi", "measured value", "result", "text", "payload", "meas", "blob", "measured text", "inhalt", "answer"],
        ["LowLimit"] = ["low limit", "lower limit", "min", "minimum", "lsl", "lo", "low", "lower", "untergrenze", "ug", "unten", "ltl",
            "nedre", "nedre grense", "lim low", "min limit", "limit low", "minwert", "untere grenze"],
        ["HighLimit"] = ["high limit", "upper limit", "max", "maximum", "usl", "hi", "high", "upper", "obergrenze", "og", "oben", "utl",
            "oevre", "oevre grense", "lim high", "max limit", "limit high", "maxwert", "obere grenze"],
        ["TestResultType"] = ["test result type", "result type", "verdict", "status", "outcome", "pass fail", "ok", "judgement",
            "judgment", "bewertung", "passed", "state", "urteil", "step status", "step result", "kind", "type", "judged", "result code"],
        ["Serial"] = ["serial", "serial number", "serial no", "sn", "seriennummer", "serienr", "serienummer", "ser no", "serialno"],
        ["BatchNumber"] = ["batch number", "batch", "lot", "lot no", "charge", "los", "batch no", "lot number"],
        ["SerialNumber"] = ["serial number", "serial", "sn", "seriennummer", "serial no", "serienummer"],
        ["CalibrationDate"] = ["calibration date", "calibrated", "calibrated at", "kalibriert", "cal date", "last cal", "last calibration"],
        ["NextCalibrationDate"] = ["next calibration date", "next calibration", "due", "cal due", "faellig", "calibration due", "next cal"],
        ["PartNumber"] = ["part number", "part no", "pn", "part", "teilenummer", "article", "artikel"],
        ["Products.Name"] = ["name", "product name", "part number", "part no", "number", "artikelnummer", "bezeichnung", "product",
            "article", "pn", "navn", "article no"],
        ["Products.Type"] = ["type", "typ", "kind", "family", "category", "product type", "familie", "group"],
        ["Products.Version"] = ["version", "revision", "rev", "issue", "stand", "product version", "revisjon", "index", "product rev"],
        ["Testplans.Name"] = ["name", "plan name", "test plan name", "bezeichnung", "title", "program name", "navn"],
        ["Testplans.Variant"] = ["variant", "variante", "plan variant"],
        ["TestplanRevisions.Revision"] = ["revision", "rev", "version", "plan revision", "stand"],
        ["TestSystems.Name"] = ["name", "station name", "system name", "station", "test system name", "bezeichnung", "title", "navn"],
        ["TestsystemComponents.Name"] = ["name", "component", "instrument", "component name", "bezeichnung", "model"],
        ["Users.Name"] = ["name", "user name", "operator", "login", "full name", "operator name", "navn", "bediener"],
        ["AssemblyData.Name"] = ["name", "assembly", "bezeichnung", "assembly name"],
        ["AssemblyData.Serial"] = ["serial", "serial number", "sn", "seriennummer"],
        ["AssemblyData.Revision"] = ["revision", "rev", "version"],
        ["Info1"] = ["info1", "info 1", "extra1", "remark1", "free1", "custom1", "field1", "bemerkung1", "aux1", "note1", "user1", "tag1"],
        ["Info2"] = ["info2", "info 2", "extra2", "remark2", "free2", "custom2", "field2", "bemerkung2", "aux2", "note2", "user2", "tag2"],
        ["Info3"] = ["info3", "info 3", "extra3", "remark3", "free3", "custom3", "field3", "bemerkung3", "aux3", "note3", "user3", "tag3"],
    };

    /// <summary>True for a column that may hold a secret: nothing of it is ever read.</summary>
    public static bool IsSecret(string column)
    {
        var name = Fold(column);
        return name is "pass" or "pw" or "pin" || Secrets.Any(word => name.Contains(word, StringComparison.Ordinal));
    }

    // Not "pass" alone: Passed and PassFail are verdicts.
    private static readonly string[] Secrets =
    [
        "password", "passwd", "passwort", "passord", "passphrase", "losenord", "pwd", "kennwort", "secret", "geheim", "pincode",
        "credential",
    ];

    /// <summary>How well a table's name fits, 0 to 1.</summary>
    public static double OfTable(string logical, string physical) => Best(physical, Tables.GetValueOrDefault(logical) ?? [logical],
        logical);

    /// <summary>How well a column's name fits, 0 to 1.</summary>
    public static double OfColumn(string table, string logical, string physical) =>
        Best(physical, Columns.GetValueOrDefault($"{table}.{logical}") ?? Columns.GetValueOrDefault(logical) ?? [logical], logical);

    /// <summary>The words of a name, in lower case, without fillers: <c>tbl_RunHeader</c> is run, header.</summary>
    internal static IReadOnlyList<string> Words(string name)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsLetterOrDigit(name[i]) || !char.IsLetterOrDigit(name[i - 1])
                || char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || i + 1 < name.Length && char.IsLower(name[i + 1]));
            if (!ends) continue;
            var word = Fold(name[start..i]);
            if (word.Length > 0 && !Fillers.Contains(word)) words.Add(word);
            start = i;
        }
        return words;
    }

    private static double Best(string physical, IEnumerable<string> phrases, string logical)
    {
        var words = Words(physical);
        var joined = string.Concat(words);
        if (joined.Length == 0) return 0;
        if (joined == Fold(logical)) return 1;
        var (best, place) = (0.0, 0);
        foreach (var phrase in phrases)
        {
            // Phrases stand in the order of how much they say.
            var score = Likeness(words, joined, phrase.Split(' ')) - 0.004 * place++;
            if (score > best) best = score;
        }
        return best;
    }

    private static double Likeness(IReadOnlyList<string> words, string joined, string[] phrase)
    {
        var wanted = string.Concat(phrase);
        if (joined == wanted) return 0.95;
        var stem = Stem(joined);
        if (stem == Stem(wanted)) return 0.92;
        var hits = phrase.Count(word => words.Any(w => Stem(w) == Stem(word)));
        if (hits == phrase.Length) return 0.85 - 0.1 * Math.Min(3, words.Count - hits);
        if (wanted.Length > 3 && joined.Contains(wanted, StringComparison.Ordinal))
            return 0.7 * wanted.Length / joined.Length + 0.2;
        return hits > 0 ? 0.5 * hits / Math.Max(phrase.Length, words.Count) : 0;
    }

    private static string Stem(string word) =>
        word.Length > 3 && word.EndsWith('s') ? word[..^1] : word is "guid" or "uid" or "key" or "uuid" ? "id" : word;

    private static string Fold(string text) => new([.. text.ToLowerInvariant().SelectMany(Letters)]);

    private static IEnumerable<char> Letters(char c) => c switch
    {
        'ä' => "ae",
        'ö' or 'ø' => "oe",
        'ü' => "ue",
        'å' => "aa",
        'ß' => "ss",
        'é' => "e",
        _ when char.IsLetterOrDigit(c) => [c],
        _ => [],
    };
}
