using System.Runtime.CompilerServices;

namespace Infra.Tests;

/// <summary>A fact that is skipped, with the reason, where the Bicep CLI cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = BicepCli.NeedsLinux;
        SkipType = typeof(BicepCli);
        SkipUnless = nameof(BicepCli.IsSupported);
    }
}

/// <summary>A theory that is skipped, with the reason, where the Bicep CLI cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = BicepCli.NeedsLinux;
        SkipType = typeof(BicepCli);
        SkipUnless = nameof(BicepCli.IsSupported);
    }
}
