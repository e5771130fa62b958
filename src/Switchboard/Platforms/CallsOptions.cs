namespace Switchboard.Platforms;

/// <summary>
/// Where requests say their call, for platforms that have no field for it: the section <c>Calls</c>. Each setting is a list of sources, separated by
/// commas: <c>query:NAME</c>, <c>header:NAME</c>, <c>body:NAME.NAME</c> and <c>prompt:NAME</c>, which is <c>NAME=value</c> in the system message at the
/// head of the conversation. The first that a request has counts, before what the platform's own fields say. Default none.
/// </summary>
public sealed class CallsOptions
{
    /// <summary>The call.</summary>
    public string? Id { get; set; }

    /// <summary>The turn: requests about the same words have the same one.</summary>
    public string? Turn { get; set; }

    /// <summary>The number, or the name, of who calls.</summary>
    public string? Caller { get; set; }

    /// <summary>The number that is called.</summary>
    public string? Callee { get; set; }

    /// <summary>The user data: text, or JSON.</summary>
    public string? UserData { get; set; }

    /// <summary>What is wrong, each with its key in the configuration.</summary>
    internal static IEnumerable<string> Failures(CallsOptions options) =>
        new[] { (nameof(Id), options.Id), (nameof(Turn), options.Turn), (nameof(Caller), options.Caller), (nameof(Callee), options.Callee), (nameof(UserData), options.UserData) }
            .SelectMany(setting => CallSource.Failures(setting.Item2, isData: setting.Item1 is nameof(UserData)).Select(failure => $"Calls:{setting.Item1}: {failure}"));
}
