using System.Reflection;

namespace Caller.Tests.Check;

/// <summary>Where this project was built.</summary>
internal static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    public static string File(params string[] path) => Path.Combine([Root, .. path]);
}
