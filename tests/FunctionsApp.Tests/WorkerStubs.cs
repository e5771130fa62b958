#pragma warning disable CA1019, CA1813, CA1008 // The shape of Microsoft's types, not ours.

// Only what the trigger classes mention, with the members they use, so that they compile here as they do in the shell.
namespace Microsoft.Azure.Functions.Worker;

internal enum AuthorizationLevel
{
    Anonymous,
    User,
    Function,
    System,
    Admin,
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    public IReadOnlyList<string> Methods { get; } = methods;

    public string? Route { get; set; }
}
