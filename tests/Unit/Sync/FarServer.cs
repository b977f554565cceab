using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>What a server and the way to it do to posts: at random, all of them for a while, or always to one report.</summary>
internal sealed class FarServer(SyncRig rig, Random random)
{
    /// <summary>
    /// A client that tries again. Where posts time out it does not wait for long; where none does, it waits longer than a busy machine
    /// stands still: an answer that comes behind it is lost, and the server knows nothing of that.
    /// </summary>
    public static Core.Wats.Client.WatsOptions Client(bool mayTimeOut) => new() { MaxAttempts = 4, TimeoutSeconds = mayTimeOut ? 10 : 100 };

    private static readonly SandboxFault[] Kinds =
    [
        .. new[] { 500, 403, 404, 409, 415, 417, 503 }.Select(status => new SandboxFault { Kind = FaultKind.Status, Status = status }),
        new SandboxFault { Kind = FaultKind.CutBeforeStoring }, new SandboxFault { Kind = FaultKind.CutAfterStoring },
        new SandboxFault { Kind = FaultKind.TruncateAnswer },
    ];

    private readonly Dictionary<Guid, SandboxFault> _always = [];
    private int _timeouts;

    /// <summary>Runs whose reports never get through.</summary>
    public IReadOnlyDictionary<Guid, SandboxFault> Always => _always;

    /// <summary>Rounds with trouble at random.</summary>
    public int Troubled { get; private set; }

    /// <summary>True while nothing at all is answered as it should be.</summary>
    public bool IsDown { get; private set; }

    /// <summary>This report never gets through from now on.</summary>
    public void NeverTakes(Guid run) =>
        _always[run] = Kinds[_always.Count % Kinds.Length] with { ReportId = run, Path = "WSJF", Method = "POST" };

    /// <summary>A round begins.</summary>
    /// <param name="mayTimeOut">One post may have no answer at all, which costs the seconds that the client waits.</param>
    public void Next(bool mayTimeOut)
    {
        Calm();
        IsDown = random.Next(60) == 0;
        if (IsDown) rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = random.Next(2) == 0 ? 503 : 404 });
        if (IsDown || random.Next(6) != 0) return;
        Troubled++;
        if (mayTimeOut && _timeouts < 5 && random.Next(20) == 0)
        {
            _timeouts++;
            rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 30_000, Path = "WSJF", Count = 1 });
        }
        else rig.Wats.Faults.Add(Kinds[random.Next(Kinds.Length)] with { Path = "WSJF", Method = "POST", Probability = 0.5 });
    }

    /// <summary>Nothing goes wrong but what always does.</summary>
    public void Calm()
    {
        IsDown = false;
        rig.Wats.Faults.Clear();
        foreach (var fault in _always.Values) rig.Wats.Faults.Add(fault);
    }
}
