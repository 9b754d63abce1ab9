import 'reflect-metadata';
import { Header, SetMetadata } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { declarationOf } from '../src/declared-requirements.js';
import {
  Admission,
  Customer,
  EntitlementGuard,
  EntitlementInterceptor,
  RequireAll,
  RequireAny,
  RequireCredits,
  RequireEntitlement,
  SkipEntitlement,
} from '../src/index.js';

@RequireEntitlement('feature-of-class')
class Plain {
  bare() {}

  @RequireEntitlement('feature-of-method')
  decorated() {}

  @RequireEntitlement('feature-first')
  @RequireEntitlement('feature-second', { usage: 2 })
  stacked() {}

  @RequireAny(['feature-a', ['feature-b', { feature: 'feature-c', usage: 2 }]])
  @RequireAll(['feature-d', 'feature-e'])
  grouped() {}

  @SkipEntitlement()
  skipped() {}
}

@SkipEntitlement()
@RequireEntitlement('feature-of-class')
class Skipped {
  bare() {}

  @RequireEntitlement('feature-of-method')
  decorated() {}

  @SkipEntitlement(false)
  @RequireEntitlement('feature-of-method')
  putBack() {}
}

class Child extends Plain {
  ownOfChild() {}
}

@SkipEntitlement()
class SkippedChild extends Plain {}

const featuresOf = (controller: new () => object, method: string): (string | undefined)[] =>
  declarationOf(controller, controller.prototype[method]).requirements.map(({ feature }) => feature);

describe('requirements of a class and its methods', () => {
  it('gives a method without a decorator what its class requires', () => {
    expect(featuresOf(Plain, 'bare')).toEqual(['feature-of-class']);
  });

  it('puts the requirements of class and method together [nest.3]', () => {
    expect(featuresOf(Plain, 'decorated')).toEqual(['feature-of-class', 'feature-of-method']);
  });

  it('keeps every one of stacked decorators, in the order in which they are read [nest.3]', () => {
    expect(featuresOf(Plain, 'stacked')).toEqual(['feature-of-class', 'feature-first', 'feature-second']);
  });

  it('keeps any and all beside what else is required [nest.3]', () => {
    expect(declarationOf(Plain, Plain.prototype.grouped).requirements).toEqual([
      { feature: 'feature-of-class' },
      { any: ['feature-a', ['feature-b', { feature: 'feature-c', usage: 2 }]] },
      { all: ['feature-d', 'feature-e'] },
    ]);
  });

  it('keeps the options of a requirement', () => {
    expect(declarationOf(Plain, Plain.prototype.stacked).requirements[2]).toMatchObject({ usage: 2 });
  });

  it('lifts everything for a method with a bare skip [nest.3]', () => {
    expect(featuresOf(Plain, 'skipped')).toEqual([]);
  });

  it('lifts only what the class requires where the class is skipped [nest.3]', () => {
    expect(featuresOf(Skipped, 'bare')).toEqual([]);
    expect(featuresOf(Skipped, 'decorated')).toEqual(['feature-of-method']);
  });

  it('puts back what the class requires for a method that is not to be skipped [nest.3]', () => {
    expect(featuresOf(Skipped, 'putBack')).toEqual(['feature-of-class', 'feature-of-method']);
  });

  it('requires what a parent class requires, unless the child is skipped', () => {
    expect(featuresOf(Child, 'ownOfChild')).toEqual(['feature-of-class']);
    expect(featuresOf(Child, 'decorated')).toEqual(['feature-of-class', 'feature-of-method']);
    expect(featuresOf(SkippedChild, 'bare')).toEqual([]);
    expect(featuresOf(Plain, 'bare')).toEqual(['feature-of-class']);
  });

  it('does not give a parent what its child requires', () => {
    @RequireEntitlement('feature-of-child')
    class Stricter extends Plain {}
    expect(featuresOf(Stricter, 'bare')).toEqual(['feature-of-child', 'feature-of-class']);
    expect(featuresOf(Plain, 'bare')).toEqual(['feature-of-class']);
  });
});

describe('mistakes in requirements', () => {
  it('refuses a method with both a skip and a requirement, by name', () => {
    class Both {
      @SkipEntitlement()
      @RequireEntitlement('feature-x')
      act() {}
    }
    expect(() => declarationOf(Both, Both.prototype.act)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION', field: 'Both.act' }),
    );
  });

  it('refuses one method that two instances would have to decide', () => {
    @RequireEntitlement('feature-x', { instance: 'eu' })
    class Split {
      @RequireEntitlement('feature-y')
      act() {}
    }
    expect(() => declarationOf(Split, Split.prototype.act)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION', field: 'Split.act' }),
    );
  });

  it('refuses a requirement on a property, which nothing would enforce', () => {
    const decorate = RequireEntitlement('feature-x') as PropertyDecorator;
    expect(() => decorate({}, 'handler')).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
  });
});

describe('what the decorator leaves alone', () => {
  it('keeps the function of a method and the metadata that other decorators put on it [nest.8]', () => {
    const original = function act() {};
    const descriptor = { value: original, configurable: true, writable: true, enumerable: false };
    SetMetadata('other', 'kept')(original, 'act', descriptor);
    RequireEntitlement('feature-x')({}, 'act', descriptor);
    expect(descriptor.value).toBe(original);
    expect(Reflect.getMetadata('other', original)).toBe('kept');
  });

  it('leaves methods and metadata of decorators above, below and around it as they are [nest.8]', () => {
    const functions: unknown[] = [];
    const spy: MethodDecorator = (_target, _key, descriptor) => {
      functions.push(descriptor.value);
    };
    class Around {
      @spy
      @SetMetadata('above', 1)
      @RequireEntitlement('feature-x')
      @SkipEntitlement(false)
      @RequireCredits('credits-y')
      @SetMetadata('below', 2)
      @Header('x-header', 'kept')
      @spy
      act(@Admission() admission: unknown, @Customer() customer: unknown) {
        return [this, admission, customer];
      }
    }
    const { act } = Around.prototype;
    expect(functions).toEqual([act, act]);
    expect(['above', 'below'].map((key) => Reflect.getMetadata(key, act))).toEqual([1, 2]);
    expect(Reflect.getMetadata('__headers__', act)).toEqual([{ name: 'x-header', value: 'kept' }]);
    expect(Reflect.getMetadata('design:paramtypes', Around.prototype, 'act')).toEqual([Object, Object]);
    expect([act.name, act.length]).toEqual(['act', 2]);
    expect(act.call('itself' as never, 1, 2)).toEqual(['itself', 1, 2]);
  });

  it('attaches guard and interceptor to the method itself [nest.8]', () => {
    expect(Reflect.getMetadata('__guards__', Plain.prototype.decorated)).toEqual([EntitlementGuard]);
    expect(Reflect.getMetadata('__interceptors__', Plain.prototype.decorated)).toEqual([EntitlementInterceptor]);
    expect(Reflect.getMetadata('__guards__', Plain)).toEqual([EntitlementGuard]);
  });
});
