using System.Net;
using System.Net.Sockets;
using Sonde.Marks;
using Sonde.Measurement.Timing;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>
/// The checks at work: brings a new configuration into force without disturbing what did not change, and gives each
/// check the address that its name has now. The loop's thread owns it.
/// </summary>
internal sealed class ProbingChecks(
    MeasurementClock clock, RoundSchedule schedule, SeriesCatalog catalog, string vantagePoint, long firstRound,
    Action<Mark> addMark)
{
    private readonly Dictionary<CheckId, CheckRun[]> _runs = [];
    private readonly Dictionary<CheckId, long> _nextRounds = [];
    private readonly Dictionary<string, ResolvedName> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Told where the probes of a series go from now on.</summary>
    public Action<SeriesHandle, IPAddress>? AddressChanged { get; set; }

    /// <summary>The checks at work, two entries for one that measures both families.</summary>
    public IEnumerable<CheckRun> All => _runs.Values.SelectMany(runs => runs);

    /// <summary>
    /// Brings the checks into force. One whose way of measuring is the same keeps its series, its counters and its
    /// place in time; one that changed starts anew with later round numbers; one that is gone stops.
    /// </summary>
    /// <returns>
    /// The runs that stopped, also of checks that started anew: what they have sent is to be settled.
    /// </returns>
    public IReadOnlyList<CheckRun> Apply(IReadOnlyList<Check> checks)
    {
        schedule.Relax(checks);
        var wanted = checks.ToDictionary(check => check.Id);
        var stopped = _runs.Where(entry => !IsKept(entry.Value[0].Check, wanted)).ToList();
        foreach (var (id, runs) in stopped)
        {
            _nextRounds[id] = runs.Max(run => run.RoundNumber) + 1;
            Array.ForEach(runs, run => run.IsRemoved = true);
            _runs.Remove(id);
        }
        schedule.DropRemoved();
        foreach (var gone in _names.Keys.Except(checks.Select(check => check.Host), _names.Comparer).ToList())
        {
            _names.Remove(gone);
        }
        foreach (var check in checks)
        {
            if (_runs.TryGetValue(check.Id, out var kept))
            {
                Array.ForEach(kept, run => run.Check = check);
            }
            else
            {
                Start(check, checks.Count);
            }
        }
        return [.. stopped.SelectMany(entry => entry.Value)];
    }

    /// <summary>
    /// Gives the checks of a name the addresses it has now. When the resolver is away, the last good address serves.
    /// </summary>
    public void TakeName(string host, ResolvedName name)
    {
        var runs = All.Where(run => _names.Comparer.Equals(run.Check.Host, host)).ToList();
        if (name.Addresses is not { } addresses || runs.Count == 0)
        {
            return;
        }
        _names[host] = name; // for checks that start anew
        runs.ForEach(run => TakeAddresses(run, addresses, name.Problem));
    }

    /// <summary>Lets an <c>auto</c> check that lost three rounds whole try the target's other family.</summary>
    public void TryOtherFamily(CheckRun run)
    {
        if (run is { IsRemoved: false, Family: FamilyChoice.Auto, OtherAddress: { } other, Target: { } target })
        {
            run.OtherAddress = target.Address;
            Use(run, other);
        }
    }

    private static bool IsKept(Check running, Dictionary<CheckId, Check> wanted) =>
        wanted.TryGetValue(running.Id, out var check) && running.MeasuresLike(check);

    private void Start(Check check, int checks)
    {
        FamilyChoice[] families =
            check.Family == FamilyChoice.Both ? [FamilyChoice.Four, FamilyChoice.Six] : [check.Family];
        var startAt = schedule.PlaceStart(clock.Now, check.Interval, checks);
        _runs[check.Id] = Array.ConvertAll(families, family => Start(check, family, startAt));
    }

    private CheckRun Start(Check check, FamilyChoice family, long startAt)
    {
        var before = check.RenamedFrom is { } renamed ? NextRoundOf(renamed) : firstRound;
        var round = Math.Max(NextRoundOf(check.Id), before);
        var over = family == FamilyChoice.Six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var run = new CheckRun(check, family, SeriesOf(check, over), round, startAt);
        if (IPAddress.TryParse(check.Host, out var address))
        {
            TakeAddresses(run, [address], null);
        }
        else if (_names.TryGetValue(check.Host, out var name))
        {
            TakeAddresses(run, name.Addresses!, name.Problem);
        }
        schedule.Add(run);
        return run;
    }

    /// <summary>
    /// Where a check's round numbers go on; a renamed one carries its history over, and with it its numbers.
    /// </summary>
    private long NextRoundOf(CheckId check) => _nextRounds.GetValueOrDefault(check, firstRound);

    private void TakeAddresses(CheckRun run, IPAddress[] addresses, string? problem)
    {
        var usable = Array.FindAll(addresses, address => IsOf(address, run.Family));
        var current = run.Target?.Address;
        var sameFamily = Array.Find(usable, address => address.AddressFamily == current?.AddressFamily);
        var chosen = current is not null && usable.Contains(current) ? current : sameFamily ?? usable.FirstOrDefault();
        run.NameProblem = chosen is null ? problem : null;
        run.AddressProblem = chosen is null && problem is null ? NoAddressOf(run) : null;
        run.OtherAddress = Array.Find(usable, address => address.AddressFamily != chosen?.AddressFamily);
        if (chosen is null)
        {
            run.Target = null;
        }
        else if (!chosen.Equals(current))
        {
            Use(run, chosen);
        }
    }

    private static string NoAddressOf(CheckRun run) =>
        $"{run.Check.Host} has no {(run.Family == FamilyChoice.Auto ? "" : $"IPv{(byte)run.Family} ")}address";

    private void Use(CheckRun run, IPAddress address)
    {
        var before = run.Target?.Address;
        run.Target = ProbeTargets.For(run.Check, address, run);
        run.Series = SeriesOf(run.Check, address.AddressFamily);
        AddressChanged?.Invoke(run.Series, address);
        if (before is not null)
        {
            var kind = before.AddressFamily == address.AddressFamily ? MarkKind.AddressChanged : MarkKind.FamilyChanged;
            var text = $"{run.Check.Name} is measured at {address} now, before at {before}";
            addMark(new Mark(clock.UtcNow / 1_000_000, kind, run.Check.Id, text));
        }
    }

    private SeriesHandle SeriesOf(Check check, AddressFamily family) => catalog.GetOrAdd(
        new SeriesKey(check.Id, vantagePoint, (byte)(family == AddressFamily.InterNetworkV6 ? 6 : 4), Quantity.Rtt));

    private static bool IsOf(IPAddress address, FamilyChoice family) => family switch
    {
        FamilyChoice.Four => address.AddressFamily == AddressFamily.InterNetwork,
        FamilyChoice.Six => address.AddressFamily == AddressFamily.InterNetworkV6,
        _ => true,
    };
}
