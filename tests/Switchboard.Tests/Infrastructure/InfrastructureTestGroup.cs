namespace Switchboard.Tests.Infrastructure;

/// <summary>One compilation serves every class of this folder.</summary>
[CollectionDefinition(Name)]
public sealed class InfrastructureTestGroup : ICollectionFixture<CompiledInfrastructure>
{
    internal const string Name = "Infrastructure";
}
