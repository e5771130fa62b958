namespace Switchboard.Responders;

/// <summary>One rule of a script: <c>Models:n:Script:m</c>.</summary>
public sealed class ScriptRule
{
    /// <summary>
    /// A .NET regular expression, matched anywhere in the last thing the caller said; letter case is ignored.
    /// Missing: the rule always matches.
    /// </summary>
    public string? When { get; set; }

    /// <summary>
    /// The reply, a Handlebars template: <c>{{match.name}}</c> is the group of that name, <c>{{call.callerNumber}}</c> and the
    /// like come from the call, <c>{{call.userData.field}}</c> from its userData.
    /// </summary>
    public string? Say { get; set; }

    /// <summary>The call action after the reply: <c>hangup</c>. Default none.</summary>
    public string? Do { get; set; }
}
