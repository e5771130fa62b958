using System.Reflection;

namespace Switchboard.Tests.Infrastructure;

/// <summary>Where the build found the repository and the Bicep CLI: the project files write it into the assembly.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string BicepCli => Metadata("BicepCli");

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value
        ?? throw new InvalidOperationException($"The assembly says nothing of {key}.");
}
