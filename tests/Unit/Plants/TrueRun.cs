namespace VteWats.Unit.Plants;

/// <summary>What really happened at a plant, whatever its database says of it.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Serial">Serial number of the unit.</param>
/// <param name="Product">Name of the product.</param>
/// <param name="Revision">Revision of the product; null where the plant keeps none.</param>
/// <param name="Plan">Name of the test plan.</param>
/// <param name="Operation">Code of the operation in WATS.</param>
/// <param name="Station">Name of the station.</param>
/// <param name="Begin">When the test began, with the offset of then.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Verdict">P, F, E or T.</param>
/// <param name="Steps">What was measured.</param>
internal sealed record TrueRun(
    Guid Id, string Serial, string Product, string? Revision, string Plan, int Operation, string Station, DateTimeOffset Begin,
    double Seconds, string Verdict, IReadOnlyList<TrueStep> Steps);

/// <summary>A step as it really was: no number stands for "no value" here, and none for "no limit".</summary>
/// <param name="Number">Its number in the plan.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Value">What was measured; null where nothing was.</param>
/// <param name="Low">Least value that passes; null for none.</param>
/// <param name="High">Largest value that passes; null for none.</param>
/// <param name="Verdict">P, F, or D where nobody judged it.</param>
/// <param name="Text">What was read, for a step that is a text.</param>
internal sealed record TrueStep(
    int Number, string Name, string? Unit, double? Value, double? Low, double? High, string Verdict, string? Text = null);

/// <summary>A plan of a plant: what is tested, how long, and in which operation of WATS.</summary>
internal sealed record TruePlan(string Name, string Product, string? Revision, int Operation, double Seconds, TrueStep[] Steps);
